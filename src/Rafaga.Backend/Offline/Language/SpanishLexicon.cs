using System.Collections.Frozen;

namespace Rafaga.Backend.Offline.Language;

internal static class SpanishLexicon
{
    public static Lexicon Instance { get; } = new()
    {
        CreateEvent =
        [
            new("crea|crear|créame|crees|creas|haz|hazme|hacer|abre|ábreme|abrir|inicia|iniciar|empieza|empezar|prepara|añade|añadir|agrega|agregar un|una|el|otro? nuevo? evento|álbum nuevo? que|con|de|por|para? el|la|los|las|un|una|se? llamado|llamada|titulado|nombre|llame|llama? de? {X?}"),
            new("nuevo evento|álbum que|con|de|por|para? el|la|los|las|un|una|se? llamado|llamada|titulado|nombre|llame|llama? de? {X?}"),
            new("un? evento|álbum nuevo con|de|para? el|la|los|las? llamado|llamada|titulado|nombre? de? {X}"),
            new("un evento|álbum nuevo? llamado|llamada|titulado {X}"),
            new("un evento|álbum nuevo? que se llame|llama {X}"),
        ],
        ListEvents =
        [
            new("ver|dime|lista|listar|listado|enseña|enséñame|muestra|muéstrame|mostrar|cuáles|cuál? son|de? todos? mis|los eventos|álbumes tengo|hay|existen|guardados|son?"),
            new("qué|cuáles|cuántos eventos|álbumes tengo|hay|existen|tienes|conoces|llevo?"),
            new("lista|listar|listado de? eventos|álbumes"),
            new("eventos"),
        ],
        Search =
        [
            new("busca|buscar|búscame|encuentra|encontrar|encuéntrame las|los|mis|unas? fotos|foto|recuerdos|recuerdo|imágenes|algo|todo? de|del|con|sobre|donde|en? el|la|los|las|un|una? {X}"),
        ],
        Recall =
        [
            new("muestra|muestras|mostrar|enseña|enseñas|enseñar|saca ~ recuerdos|memorias|fotos|imágenes de|del|con|sobre|en? el|la|los|las? {X?}"),
            new("muéstrame|mostrarme|enséñame|enseñarme|sácame ~ recuerdos|memorias|fotos|imágenes|evento? de|del|con|sobre|en? el|la|los|las? {X?}"),
            new("ver las|los|mis|unas|todas|todos? fotos|recuerdos|imágenes|memorias de|del|con|sobre|en? el|la|los|las? {X?}"),
            new("qué recuerdas|recordás guardado? de|del|sobre|con|en? el|la|los|las? {X?}"),
            new("qué sabes|tienes|hay|guardaste|has guardado? de|del|sobre|con|en el|la|los|las? {X}"),
            new("qué fotos|recuerdos tienes|hay|tengo|guardaste|has guardadas|guardado? de|del|sobre|con|en? el|la|los|las? {X?}"),
            new("recuerdas|te? recuerdas|acuerdas de|del|sobre|lo? el|la|los|las? {X}"),
            new("qué? cuéntame|dime qué? algo|todo|lo? que? recuerdas|sabes|tienes? de|del|sobre el|la|los|las? {X}"),
            new("tienes|hay|tengo|guardaste|has guardado|guardadas? ~ fotos|foto|recuerdos|imágenes guardadas|guardados? de|del|con|sobre|en el|la|los|las? {X}"),
            new("recuérdame|recordame ~ de|del|sobre|lo? el|la|los|las? {X?}"),
            new("mis recuerdos|memorias"),
        ],
        Help =
        [
            new("ayuda|ayúdame|socorro|instrucciones|comandos|help"),
            new("qué|cómo ~ puedes|sabes|podés|puedo hacer|pedirte|preguntarte ~"),
            new("cómo ~ funciona|funcionas|va|uso|usa ~"),
            new("qué|quién eres|sos|haces ~"),
            new("para qué sirves|sirve ~"),
            new("eres|sos un|una? ia|bot|robot|humano|humana|persona|máquina|real ~"),
        ],
        Sight =
        [
            new("puedes|podés|sabes ver|mirar mis? ~"),
            new("ves mis? ~"),
            new("has visto mis? ~"),
        ],
        Delete =
        [
            new("borra|borrar|bórrala|bórralas|bórralo|elimina|eliminar|elimínala|elimínalas {X?}"),
        ],
        Move =
        [
            new("pásalas|pásala|pasa|muévelas|muévela|mueve|mételas|métela|mete|ponlas|ponla|pon|guárdalas|guárdala|llévalas|añádelas|añádela|agrégalas|cámbialas ~ en|a|al|para|dentro de? el|la|los|las? evento|álbum? de|del? {X}"),
        ],
        MoveHere =
        [
            new("pásalas|pásala|muévelas|muévela|mételas|métela|ponlas|ponla|guárdalas|guárdala|llévalas|añádelas|añádela|agrégalas ~ ahí|allí|aquí|allá"),
        ],
        Belongs =
        [
            new("~ para el|la|los|las? evento|álbum? de|del? {X}"),
            new("~ de|del|en|al|a el|este|ese? evento|álbum de|del? {X}"),
            new("guarda|guardar|añade|agrega|sube ~ en|a|al el|la|los|las? {X}"),
            new("usa|usar|usemos|cambia|cambiar|elige|selecciona a|al|el? evento|álbum {X}"),
        ],
        MayBelong =
        [
            new("~ de|del|desde el|la|los|las? {X}"),
        ],

        Lead = new("hola hey oye oiga buenas buenos días tardes noches por favor porfa porfis puedes podrías puede podés me te quiero quisiera querría gustaría necesito vale ok bueno pues y ahora también luego después venga ráfaga bot a ver"),
        Tail = new("por favor porfa porfis gracias vale ok ya"),
        And = new("y e luego después también"),
        Command = new("crea créame guarda guárdalas guárdala mete mételas pon ponlas añade añádelas agrega agrégalas pásalas muévelas busca búscame muestra muéstrame enseña enséñame"),

        Filler = new("vídeo vídeos audio audios mira mirad miren ve ved vean esta estas este estos esto foto fotos fotito fotitos fotillo imagen imágenes aquí acá ahí allá va van te os les mando mandé envío paso dejo comparto adjunto tienes unas unos algunas algunos más otra otras otros las los la lo el que son es todas todos toda todo juntas ahora y a ver por favor porfa porfis jaja je xd bueno pues venga oye guarda guárdalas guárdamelas guárdame guárdala guardar subo quiero me también nuevas último última qué chulas chulada chulo bonitas bonito bonita precioso preciosa buenísimo buenísima increíble risa mete mételas pon ponlas añade añádelas agrega sube ráfaga"),
        Greeting = new("hola holi ola buenas buenos hey ey saludos start tal", "días tardes noches qué cómo estás está bien muy"),
        Thanks = new("gracias genial perfecto estupendo fenomenal guay thanks maravilla merci", "mil muchas muchísimas"),
        Shrug = new("no nada ni igual mismo ninguna ninguno tampoco paso otro cancela cancelar stop déjalo olvídalo", "en sé se lo idea recuerdo acuerdo me especial da mismo ya está prefiero decirlo sabría quién contar"),
        Agree = new("sí claro vale ok okay okey dale supuesto venga adelante hazlo créalo créala correcto exacto", "por bien eso"),
        Interrogative = new("qué que quién quiénes cuándo dónde cómo cuál cuáles cuánto cuánta cuántos cuántas puedes podrías sabes tienes te me es hay"),

        Here = new("ahí allí aquí él ella ese este esa esta mismo el mismo"),
        NoEvent = new("ti mí que vosotros vosotras ustedes nosotros nosotras siempre no luego después cuando mañana hoy ayer anoche ahora nada nadie variar empezar mi móvil mí tu usted"),
        EventNoun = new("evento eventos álbum"),
        Light = new("el la los las un una unos unas de del al a en y con por para mi mis tu tus su sus nuestro nuestra que lo se es era fue"),
        Articles = ["el", "la", "los", "las"],
        Owning = new("el la los las mi mis nuestro nuestra"),
        Person = new("hermana hermano hermanos madre padre mamá papá padres hijo hija hijos niño niña niños bebé abuela abuelo abuelos tía tío tíos prima primo primos mujer marido novia novio amiga amigo amigos perro perra gato gata familia gente"),
        Verb = new("es son era eran fue fueron está están estaba estaban estuvo hay había hacía hizo se me nos que sale salen tiene tenía va iba cumplía"),
        ItWas = new("era fue eran fueron"),

        Ordinals = Table("primera primero primer 1a 1o 1era 1er", "segunda segundo 2a 2o 2da", "tercera tercero tercer 3a 3o 3era", "cuarta cuarto 4a 4o", "quinta quinto 5a 5o", "sexta sexto 6a 6o", "séptima séptimo 7a 7o", "octava octavo 8a 8o", "novena noveno 9a 9o", "décima décimo 10a 10o"),
        Numbers = Table("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
        Last = new("última ultimo"),
        GroupFirst = new("primeras primeros"),
        GroupLast = new("últimas últimos"),
        Rest = new("demás resto otras"),
        One = new("la el"),
        Many = new("las los el"),
        Preposition = new("en sobre"),
        PhotoNoun = new("foto fotos imagen imágenes fotografía número núm"),
        Copula = new("es son"),
        AfterPlace = new("es son era eran fue fueron sale salen salgo salimos muestra muestran aparece aparecen aparecemos está están estamos estoy estábamos estaba tiene hay con el la los las un una unos unas mi mis nuestro nuestra se hicimos hizo hice cuando donde yo ella nos vemos ve ves veis me te no foto imagen"),
        NotAPlace = new("vez día noche parte comunión hora semana año mes planta piso fila cosa boda cita hijo hija persona bebida copa vuelta cena comida canción clase casa tarde mañana de"),
    };

    private static FrozenDictionary<string, int> Table(params string[] rows) => rows
        .SelectMany((row, index) => row.Split(' ').Select(word => (Key: Words.Fold(word), Value: index + 1)))
        .ToFrozenDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
}
